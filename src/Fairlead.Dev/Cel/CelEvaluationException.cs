namespace Fairlead.Dev.Cel;

/// <summary>A valid program that gave no value for these variables.</summary>
public sealed class CelEvaluationException : Exception
{
    internal CelEvaluationException(CelErrorReason reason, string message, int line, int column)
        : base(FormattableString.Invariant($"{line}:{column}: {message}"))
    {
        Reason = reason;
        Line = line;
        Column = column;
    }

    public CelErrorReason Reason { get; }

    /// <summary>The line of the failing sub-expression, from 1.</summary>
    public int Line { get; }

    /// <summary>The column of the failing sub-expression in UTF-16 units, from 1.</summary>
    public int Column { get; }
}
