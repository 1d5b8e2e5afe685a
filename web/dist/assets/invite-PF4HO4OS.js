import{m as a,n as b}from"./chunk-GIICSVX5.js";import"./chunk-4XIA3TTO.js";import"./chunk-WDVVVJLH.js";export{a as InviteDialog,b as LinkDialog};
