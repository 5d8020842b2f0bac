// Sizes in UTF-8 bytes of text that is held in UTF-16, without allocating the bytes.

/** Bytes of the code unit at `index`; the second half of a pair counts 0, a lone surrogate 3 (as U+FFFD). */
function bytesAt(text: string, index: number): number {
  const unit = text.charCodeAt(index);
  if (unit < 0x80) return 1;
  if (unit < 0x800) return 2;
  if (unit >= 0xd800 && unit <= 0xdbff) {
    const next = text.charCodeAt(index + 1);
    return next >= 0xdc00 && next <= 0xdfff ? 4 : 3;
  }
  if (unit >= 0xdc00 && unit <= 0xdfff && index > 0) {
    const previous = text.charCodeAt(index - 1);
    return previous >= 0xd800 && previous <= 0xdbff ? 0 : 3;
  }
  return 3;
}

export function utf8Length(text: string): number {
  let bytes = 0;
  for (let i = 0; i < text.length; i++) bytes += bytesAt(text, i);
  return bytes;
}

/** The offset (UTF-16) up to which the text fits into so many bytes; whole characters only. */
export function offsetAtByte(text: string, bytes: number): number {
  let used = 0;
  for (let i = 0; i < text.length; i++) {
    used += bytesAt(text, i);
    if (used > bytes) return i;
  }
  return text.length;
}
