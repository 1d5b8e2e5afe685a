import{a}from"./chunk-5EE537BT.js";import"./chunk-J5NSWGFY.js";import"./chunk-6H5XBB37.js";import"./chunk-XSQYVNQM.js";import"./chunk-BYXBJQAS.js";import"./chunk-J6BT6TNM.js";export{a as WordDialog};
