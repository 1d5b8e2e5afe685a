import{o as a,p as b}from"./chunk-VRJNEHGW.js";import"./chunk-EGE4VTMB.js";import"./chunk-BYXBJQAS.js";import"./chunk-4RL6TJ6V.js";export{a as InviteDialog,b as LinkDialog};
