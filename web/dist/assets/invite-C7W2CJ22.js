import{o as a,p as b}from"./chunk-TC2EO6NQ.js";import"./chunk-SMHC5THD.js";import"./chunk-BYXBJQAS.js";import"./chunk-M7VR5ZKU.js";export{a as InviteDialog,b as LinkDialog};
