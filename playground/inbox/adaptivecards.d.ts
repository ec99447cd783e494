// The build that loads under Node is a script without types of its own; its exports are those of the package.
declare module 'adaptivecards/dist/adaptivecards.js' {
  export { AdaptiveCard, SerializationContext } from 'adaptivecards';
}
