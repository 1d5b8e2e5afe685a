import{i as t}from"./chunk-YNQB5LK4.js";var e=t({});function o(i,n){e.value={...e.peek(),[i]:n}}export{e as a,o as b};
