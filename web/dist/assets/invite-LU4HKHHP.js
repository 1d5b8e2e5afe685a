import{r as a,s as b}from"./chunk-XNS6735B.js";import"./chunk-GGEXW42O.js";import"./chunk-BYXBJQAS.js";import"./chunk-2J4HYJ5V.js";export{a as InviteDialog,b as LinkDialog};
