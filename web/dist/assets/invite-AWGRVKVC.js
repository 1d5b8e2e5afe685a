import{n as a,o as b}from"./chunk-HG4AEBEI.js";import"./chunk-YFUYVSPQ.js";import"./chunk-BYXBJQAS.js";import"./chunk-6KSV7KIT.js";export{a as InviteDialog,b as LinkDialog};
