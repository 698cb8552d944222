namespace Fairlead.Tailscale.LocalApi;

/// <summary>One thing that is wrong with a tailscaled.</summary>
public sealed record HealthWarning
{
    /// <summary>Code of the warning that logging in failed, whether the control plane refused or could not be reached.</summary>
    public const string LoginState = "login-state";

    public string WarnableCode { get; init => field = value ?? ""; } = "";

    /// <summary><c>high</c>, <c>medium</c> or <c>low</c>.</summary>
    public string Severity { get; init => field = value ?? ""; } = "";

    public string Title { get; init => field = value ?? ""; } = "";

    public string Text { get; init => field = value ?? ""; } = "";

    /// <summary>What the text was made with; <c>error</c> is the error itself.</summary>
    public IReadOnlyDictionary<string, string>? Args { get; init; }

    public bool ImpactsConnectivity { get; init; }
}
