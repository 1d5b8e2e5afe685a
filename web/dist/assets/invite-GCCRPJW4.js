import{r as a,s as b,t as c}from"./chunk-V56JB276.js";import"./chunk-FL62Q7PL.js";import"./chunk-BYXBJQAS.js";import"./chunk-YJX2KFW7.js";export{a as InviteDialog,c as LinkDialog,b as useMail};
