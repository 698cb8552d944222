namespace Fairlead.Tailnet.Protocol.Control.Health;

/// <summary>Where to go about a <see cref="DisplayMessage"/>.</summary>
public sealed record DisplayMessageAction
{
    public string URL { get; init => field = value ?? ""; } = "";

    public string Label { get; init => field = value ?? ""; } = "";
}
