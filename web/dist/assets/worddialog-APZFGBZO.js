import{a}from"./chunk-7UY3VGKL.js";import"./chunk-AOYWMN5F.js";import"./chunk-OC3B543R.js";import"./chunk-YHCM3AGG.js";import"./chunk-BYXBJQAS.js";import"./chunk-3EHRCNTK.js";export{a as WordDialog};
