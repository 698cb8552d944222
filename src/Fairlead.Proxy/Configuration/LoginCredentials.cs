namespace Fairlead.Proxy.Configuration;

/// <summary>What lets a device in. Its text shows none of it.</summary>
public sealed record LoginCredentials
{
    /// <summary>An auth key; may be <c>file:PATH</c>.</summary>
    public string AuthKey { get; init; } = "";

    public string ClientId { get; init; } = "";

    public string ClientSecret { get; init; } = "";

    public string IdToken { get; init; } = "";

    public string Audience { get; init; } = "";

    public override string ToString() => nameof(LoginCredentials);
}
