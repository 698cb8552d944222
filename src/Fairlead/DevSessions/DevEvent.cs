using Fairlead.Kubernetes.Resources;

namespace Fairlead.DevSessions;

/// <summary>One thing that happened in a session.</summary>
/// <param name="Change">What: one of the constants.</param>
/// <param name="Kind">Of the object it happened to.</param>
/// <param name="Detail">Facts, such as <c>10.96.12.7, ports 80, 443</c>; may be empty.</param>
/// <param name="Why">What it is for, or what follows from it; may be empty.</param>
internal sealed record DevEvent(string Change, string Kind, ObjectKey Key, string Detail, string Why)
{
    /// <summary>Whether it is one of the steps that everybody wants to hear of, not only those who asked for all.</summary>
    public bool IsHeadline { get; init; }

    public const string Created = "created";
    public const string Changed = "changed";
    public const string Deleted = "deleted";
    public const string Condition = "condition";
    public const string Issued = "issued";
    public const string Joined = "joined";
    public const string Ready = "ready";
    public const string Restarted = "restarted";
}
