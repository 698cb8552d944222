namespace Fairlead.Dev.Cel.Values;

/// <summary>
/// A failed sub-expression. It travels as a value so that <c>&amp;&amp;</c>, <c>||</c>, <c>all</c> and <c>exists</c> may absorb it;
/// it never leaves a program.
/// </summary>
internal sealed class CelError(CelErrorReason reason, string message, int position = CelError.Unplaced) : CelValue
{
    public const int Unplaced = -1;

    public CelErrorReason Reason { get; } = reason;

    public string Message { get; } = message;

    /// <summary>The offset of the failing sub-expression.</summary>
    public int Position { get; } = position;

    public override CelKind Kind => CelKind.Dyn;

    public static CelError Overflow(string type) => new(CelErrorReason.Overflow, $"{type} overflow");

    public static CelError Invalid(string message) => new(CelErrorReason.InvalidArgument, message);

    public static CelError NoSuchKey(string key) => new(CelErrorReason.NoSuchField, $"no such key: {key}");

    public CelError At(int position) => Position == Unplaced ? new CelError(Reason, Message, position) : this;

    public override string ToString() => Message;
}
