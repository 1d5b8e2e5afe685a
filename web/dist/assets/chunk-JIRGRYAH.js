import{i as t}from"./chunk-OO2BGH3M.js";var e=t({});function o(i,n){e.value={...e.peek(),[i]:n}}export{e as a,o as b};
