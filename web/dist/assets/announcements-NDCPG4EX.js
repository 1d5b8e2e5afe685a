import{a}from"./chunk-UXGNDLJX.js";import"./chunk-6H5XBB37.js";import"./chunk-XSQYVNQM.js";import"./chunk-BYXBJQAS.js";import"./chunk-J6BT6TNM.js";export{a as Announcements};
