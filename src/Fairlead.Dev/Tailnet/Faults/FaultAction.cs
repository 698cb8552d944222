namespace Fairlead.Dev.Tailnet.Faults;

/// <summary>What a fault does to a call, after its delay.</summary>
public enum FaultAction
{
    /// <summary>Nothing further: the call is served.</summary>
    None,

    /// <summary>Answers the fault's status and body; the call is not served.</summary>
    Answer,

    /// <summary>Cuts the connection; the call is not served.</summary>
    Cut,

    /// <summary>Serves the call, then cuts the connection instead of answering.</summary>
    LoseAnswer,
}
