import{a}from"./chunk-2NIRRJGC.js";import"./chunk-37ZPRX2W.js";import"./chunk-WDEFQOJD.js";import"./chunk-XNJHHNKL.js";import"./chunk-BYXBJQAS.js";import"./chunk-KHLQ6YDX.js";export{a as WordDialog};
