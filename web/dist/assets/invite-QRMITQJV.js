import{r as a,s as b}from"./chunk-R5U52R72.js";import"./chunk-TS2WZFRW.js";import"./chunk-BYXBJQAS.js";import"./chunk-WUKCZJSC.js";export{a as InviteDialog,b as LinkDialog};
