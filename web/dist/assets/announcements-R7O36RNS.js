import{a}from"./chunk-GFS5VDHV.js";import"./chunk-WDEFQOJD.js";import"./chunk-XNJHHNKL.js";import"./chunk-BYXBJQAS.js";import"./chunk-KHLQ6YDX.js";export{a as Announcements};
