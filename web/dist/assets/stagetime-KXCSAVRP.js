import{a,b}from"./chunk-5OO5O3CR.js";import"./chunk-WDEFQOJD.js";import"./chunk-XNJHHNKL.js";import"./chunk-BYXBJQAS.js";import"./chunk-KHLQ6YDX.js";export{b as OwnTime,a as TimeLeft};
