import{a}from"./chunk-D4CR7AAT.js";import"./chunk-ZKECYXV7.js";import"./chunk-6H5XBB37.js";import"./chunk-XSQYVNQM.js";import"./chunk-BYXBJQAS.js";import"./chunk-J6BT6TNM.js";export{a as Cue};
