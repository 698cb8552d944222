namespace Fairlead.Dev.Cel.Syntax;

internal enum CelTokenKind
{
    End,
    Identifier,
    Literal,
    Operator,
}
