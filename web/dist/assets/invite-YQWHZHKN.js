import{n as a,o as b}from"./chunk-J6JVHF3X.js";import"./chunk-C6S5SYMT.js";import"./chunk-BYXBJQAS.js";import"./chunk-UDSBFI4M.js";export{a as InviteDialog,b as LinkDialog};
