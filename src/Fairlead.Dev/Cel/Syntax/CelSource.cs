namespace Fairlead.Dev.Cel.Syntax;

/// <summary>The text of an expression, able to place an offset.</summary>
internal sealed class CelSource(string text)
{
    public string Text { get; } = text;

    public (int Line, int Column) Locate(int position)
    {
        var end = Math.Clamp(position, 0, Text.Length);
        var before = Text.AsSpan(0, end);
        return (before.Count('\n') + 1, end - (before.LastIndexOf('\n') + 1) + 1);
    }

    public CelCompileException Error(int position, string reason)
    {
        var (line, column) = Locate(position);
        return new CelCompileException(line, column, reason);
    }

    public CelEvaluationException Error(int position, CelErrorReason reason, string message)
    {
        var (line, column) = Locate(position);
        return new CelEvaluationException(reason, message, line, column);
    }
}
