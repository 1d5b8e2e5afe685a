import{m as a,n as b}from"./chunk-GGQNRLX4.js";import"./chunk-PCJRKVPF.js";import"./chunk-GNPWAR74.js";export{a as InviteDialog,b as LinkDialog};
