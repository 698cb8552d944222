namespace Fairlead.Tailnet.Protocol.Control.Features;

/// <summary>Answer to a <see cref="QueryFeatureRequest"/>.</summary>
public sealed record QueryFeatureResponse
{
    /// <summary>The feature is on already.</summary>
    public bool Complete { get; init; }

    public string Text { get; init => field = value ?? ""; } = "";

    public string URL { get; init => field = value ?? ""; } = "";

    public bool ShouldWait { get; init; }
}
