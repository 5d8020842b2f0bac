// Every command named once.
export const commands = {
  showReport: 'tokenometer.showReport',
  exportReport: 'tokenometer.exportReport',
  showDoctor: 'tokenometer.showDoctor',
  explain: 'tokenometer.explain',
  chooseModel: 'tokenometer.chooseModel',
  countTokens: 'tokenometer.countTokens',
  countExactly: 'tokenometer.countExactly',
  forgetKeys: 'tokenometer.forgetKeys',
  addPrice: 'tokenometer.addPrice',
  treatAsKnownModel: 'tokenometer.treatAsKnownModel',
  refreshPrices: 'tokenometer.refreshPrices',
  suggestModel: 'tokenometer.suggestModel',
  switchCost: 'tokenometer.switchCost',
} as const;
