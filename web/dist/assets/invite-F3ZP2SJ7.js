import{m as a,n as b}from"./chunk-V36YFC4R.js";import"./chunk-RPOL5DKH.js";import"./chunk-TK5M3JLC.js";export{a as InviteDialog,b as LinkDialog};
