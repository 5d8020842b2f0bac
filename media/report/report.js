// The report's page: draws the model that the extension posts, sends back what the person asks for. Plain browser
// script. Every text goes in as text, never as markup.
// The chart is SVG of our own, not a library: uPlot 1.6.32 weighs 52 kB (23 kB packed) and draws on a canvas without
// stacked bars, chart.js 4.6.1 161 kB (56 kB) on a canvas, frappe-charts 1.6.2 69 kB (19 kB) as SVG; all three write
// inline styles, which our content policy forbids, and none follows a change of the editor's theme by itself. One
// stacked bar chart is forty lines; its colours are the style sheet's.
(() => {
  const vscode = acquireVsCodeApi();
  const main = document.querySelector('main');
  const words = JSON.parse(document.body.dataset.words);
  const svgNamespace = 'http://www.w3.org/2000/svg';
  let request = vscode.getState()?.request;
  /** Where sections stand that take longer than the page may. */
  let late;
  /** The id of what has the focus once the page is drawn anew: a row may be gone then, its filter is there. */
  let focusNext;
  const filterId = (by) => `filter-${by}`;

  function element(name, attributes = {}, ...children) {
    const made = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    made.append(...children);
    return made;
  }

  function ask(changes) {
    request = { ...request, ...changes };
    for (const key of Object.keys(request)) if (request[key] === undefined) delete request[key];
    vscode.setState({ request });
    main.classList.add('waiting');
    main.setAttribute('aria-busy', 'true');
    vscode.postMessage({ kind: 'show', request });
  }

  function act(action, isByKey) {
    if (action.kind !== 'filter') vscode.postMessage({ ...action, request });
    else {
      if (isByKey) focusNext = filterId(action.by);
      ask({ [action.by]: action.value });
    }
  }

  function cellContent(cell) {
    if (!cell.action) return cell.text;
    const button = element('button', { type: 'button' }, cell.text || '…');
    if (cell.hint) {
      button.title = cell.hint;
      button.setAttribute('aria-label', `${cell.text}: ${cell.hint}`);
    }
    button.addEventListener('click', ({ detail }) => act(cell.action, detail === 0));
    return button;
  }

  const readers = new Map();

  function table(section, labelledBy) {
    const { columns, rows } = section;
    const head = element('tr');
    for (const column of columns)
      head.append(element('th', { scope: 'col', class: column.isNumber ? 'number' : '' }, column.title));
    const body = element('tbody');
    for (const row of rows) {
      const line = element('tr');
      row.forEach((cell, index) => {
        const isFirst = index === 0;
        const made = element(isFirst ? 'th' : 'td', {
          class: columns[index].isNumber ? 'number' : '',
          dir: 'auto',
          ...(isFirst ? { scope: 'row' } : {}),
        });
        made.append(cellContent(cell));
        if (cell.reads) {
          const id = `text-${readers.size}`;
          readers.set(id, made);
          vscode.postMessage({ kind: 'read', id, text: cell.reads });
        }
        line.append(made);
      });
      body.append(line);
    }
    const made = element('table', { 'aria-labelledby': labelledBy }, element('thead', {}, head), body);
    return element('div', { class: 'scroll', tabindex: '0', role: 'region', 'aria-labelledby': labelledBy }, made);
  }

  function choice(id, label, value, options, onChange, withAll = true) {
    const select = element('select');
    if (withAll) select.append(element('option', { value: '' }, words.all));
    for (const option of options) select.append(element('option', { value: option.value }, option.label));
    select.value = value ?? '';
    select.addEventListener('change', () => onChange(select.value));
    select.id = id;
    return element('div', { class: 'choice' }, element('label', { for: id }, label), select);
  }

  function filters(model) {
    const form = element('form', { 'aria-label': words.filters });
    form.addEventListener('submit', (event) => event.preventDefault());
    const periods = words.periods.map(({ id, label }) => ({ value: id, label }));
    form.append(
      choice(filterId('period'), words.period, request.period, periods, (period) => ask({ period }), false),
      choice(
        filterId('stack'),
        words.stackBy,
        request.stackBy,
        words.stacks.map(({ id, label }) => ({ value: id, label })),
        (stackBy) => ask({ stackBy }),
        false,
      ),
    );
    for (const by of ['agent', 'project', 'model'])
      form.append(
        choice(filterId(by), words[by], model.request[by], model.choices[by], (value) =>
          ask({ [by]: value || undefined }),
        ),
      );
    return form;
  }

  function chart({ steps, series, highestUsd, highestText, summary, table: figures }) {
    const width = 1000;
    const height = 220;
    const svg = document.createElementNS(svgNamespace, 'svg');
    svg.setAttribute('class', 'chart');
    svg.setAttribute('viewBox', `0 0 ${width} ${height}`);
    svg.setAttribute('preserveAspectRatio', 'none');
    svg.setAttribute('role', 'img');
    svg.setAttribute('aria-label', summary);
    const step = width / Math.max(steps.length, 7);
    steps.forEach((name, index) => {
      let top = height;
      series.forEach(({ name: part, values, texts }, at) => {
        const tall = highestUsd > 0 ? (values[index] / highestUsd) * (height - 8) : 0;
        if (tall === 0) return;
        top -= tall;
        const bar = document.createElementNS(svgNamespace, 'rect');
        bar.setAttribute('class', `series-${at}`);
        bar.setAttribute('x', String(index * step + step * 0.1));
        bar.setAttribute('width', String(step * 0.8));
        bar.setAttribute('y', String(top));
        bar.setAttribute('height', String(tall));
        const title = document.createElementNS(svgNamespace, 'title');
        title.textContent = `${name} · ${part}: ${texts[index]}`;
        bar.append(title);
        svg.append(bar);
      });
    });
    const legend = element('ul', { class: 'legend' });
    series.forEach(({ name, totalText }, at) =>
      legend.append(
        element(
          'li',
          { dir: 'auto' },
          element('span', { class: `swatch series-${at}`, 'aria-hidden': 'true' }),
          `${name} · ${totalText}`,
        ),
      ),
    );
    return [
      element(
        'p',
        { class: 'note' },
        words.highest.replace('{0}', () => highestText),
      ),
      svg,
      element(
        'div',
        { class: 'axis', 'aria-hidden': 'true' },
        element('span', {}, steps[0] ?? ''),
        element('span', {}, steps.at(-1) ?? ''),
      ),
      legend,
      details(figures),
    ];
  }

  /** The chart's figures, opened on demand and kept open; years of days are many rows, which wait for that. */
  function details(figures) {
    const made = element('details', {}, element('summary', { id: 'figures' }, words.figures));
    const fill = () => {
      if (made.open && made.childElementCount === 1) made.append(table(figures, 'figures'));
    };
    made.open = request.figures === true;
    fill();
    made.addEventListener('toggle', () => {
      fill();
      request = { ...request, figures: made.open };
      vscode.setState({ request });
    });
    return made;
  }

  function sections(all) {
    return all.flatMap((section) => [
      element('h2', { id: section.id }, section.title),
      ...section.notes.map((note) => element('p', { class: 'note' }, note)),
      ...(section.table.rows.length > 0 ? [table(section.table, section.id)] : []),
    ]);
  }

  function draw(model) {
    const focused = focusPlace();
    readers.clear();
    request = { ...request, ...model.request };
    vscode.setState({ request });
    main.replaceChildren(element('h1', {}, model.title));
    for (const remark of model.remarks) main.append(element('p', { class: 'note' }, remark));
    main.append(filters(model));
    if (model.isEmpty) main.append(element('p', { role: 'status' }, words.empty));
    else {
      const tiles = element('dl', { class: 'tiles' });
      for (const tile of model.tiles)
        tiles.append(element('div', {}, element('dt', {}, tile.label), element('dd', {}, cellContent(tile))));
      main.append(tiles, element('h2', { id: 'spend' }, words.spend), ...chart(model.chart));
    }
    late = element('div');
    main.append(...sections(model.sections), late);
    main.classList.remove('waiting');
    main.setAttribute('aria-busy', 'false');
    focusAt(focused);
  }

  const focusable = () => [...main.querySelectorAll('select, button, summary, .scroll')];

  /** What has the focus keeps it when the page is drawn anew: the same filter, else what then stands in its place. */
  function focusPlace() {
    const { activeElement } = document;
    const id = focusNext ?? (activeElement?.matches('select') ? activeElement.id : undefined);
    focusNext = undefined;
    return { id, index: focusable().indexOf(activeElement) };
  }
  function focusAt({ id, index }) {
    if (id) document.getElementById(id)?.focus();
    else focusable()[index]?.focus({ preventScroll: true });
  }

  window.addEventListener('message', ({ data }) => {
    if (data.kind === 'model') draw(data.model);
    else if (data.kind === 'later') late?.replaceChildren(...sections(data.sections));
    else if (data.kind === 'text') {
      const button = readers.get(data.id)?.querySelector('button');
      if (!button || !data.text) return;
      button.removeAttribute('aria-label');
      button.textContent = data.text;
    } else if (data.kind === 'failed') {
      main.replaceChildren(element('p', { role: 'alert' }, data.why));
      main.setAttribute('aria-busy', 'false');
    } else if (data.kind === 'again') ask({});
  });
  request ??= { period: '30', stackBy: 'model' };
  ask({});
})();
