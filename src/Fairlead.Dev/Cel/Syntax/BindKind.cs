namespace Fairlead.Dev.Cel.Syntax;

internal enum BindKind
{
    Plain,
    OptionalMap,
    OptionalFlatMap,
}
