namespace Fairlead.Tailnet.Fuzzing;

/// <summary>What went wrong with an input.</summary>
public enum FuzzFailureKind
{
    /// <summary>An exception that the decoder does not document.</summary>
    Crash,

    /// <summary>The call did not end within the limit.</summary>
    Hang,

    /// <summary>The call allocated more than its input warrants.</summary>
    Allocation,
}
