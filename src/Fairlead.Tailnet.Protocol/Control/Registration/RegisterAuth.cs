namespace Fairlead.Tailnet.Protocol.Control.Registration;

/// <summary>What a registration is allowed by. Its text never contains it.</summary>
public sealed record RegisterAuth
{
    public OAuth2Token? Oauth2Token { get; init; }

    public string AuthKey { get; init => field = value ?? ""; } = "";

    public override string ToString() => nameof(RegisterAuth);
}
