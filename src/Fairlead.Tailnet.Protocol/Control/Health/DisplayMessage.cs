namespace Fairlead.Tailnet.Protocol.Control.Health;

/// <summary>Something the server wants people to know.</summary>
public sealed record DisplayMessage
{
    /// <summary>Name that stands for all messages.</summary>
    public const string All = "*";

    public string Title { get; init => field = value ?? ""; } = "";

    public string Text { get; init => field = value ?? ""; } = "";

    /// <summary><c>high</c>, <c>medium</c> or <c>low</c>.</summary>
    public string Severity { get; init => field = value ?? ""; } = "";

    public bool ImpactsConnectivity { get; init; }

    public DisplayMessageAction? PrimaryAction { get; init; }
}
