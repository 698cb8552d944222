namespace Fairlead.Dev.Cel;

/// <summary>An expression that is not a valid program; <see cref="Exception.Message"/> reads <c>line:column: reason</c>.</summary>
public sealed class CelCompileException : Exception
{
    internal CelCompileException(int line, int column, string reason)
        : base(FormattableString.Invariant($"{line}:{column}: {reason}"))
    {
        Line = line;
        Column = column;
        Reason = reason;
    }

    /// <summary>The line of the fault, from 1.</summary>
    public int Line { get; }

    /// <summary>The column of the fault in UTF-16 units, from 1.</summary>
    public int Column { get; }

    public string Reason { get; }
}
