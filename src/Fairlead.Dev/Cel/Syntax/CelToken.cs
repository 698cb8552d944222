namespace Fairlead.Dev.Cel.Syntax;

/// <summary>
/// An identifier, operator or literal in its own spelling. A literal has a value, save for the number 9223372036854775808,
/// which only a minus sign makes an int.
/// </summary>
internal readonly record struct CelToken(CelTokenKind Kind, string Text, int Position, CelValue? Value = null);
