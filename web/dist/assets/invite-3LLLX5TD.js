import{r as a,s as b,t as c}from"./chunk-FCJGA2GD.js";import"./chunk-2R3LAZIR.js";import"./chunk-BYXBJQAS.js";import"./chunk-GSQQHRG6.js";export{a as InviteDialog,c as LinkDialog,b as useMail};
