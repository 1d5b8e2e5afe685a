import{a,b}from"./chunk-LBWG7Z5L.js";import"./chunk-WDEFQOJD.js";import"./chunk-XNJHHNKL.js";import"./chunk-BYXBJQAS.js";import"./chunk-KHLQ6YDX.js";export{a as Menu,b as placeBeside};
