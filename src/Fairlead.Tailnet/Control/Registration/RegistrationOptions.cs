using Fairlead.Tailnet.Protocol.Control.Hosts;

namespace Fairlead.Tailnet.Control.Registration;

/// <summary>What a registration says besides keys. Its text never contains the auth key.</summary>
internal sealed record RegistrationOptions
{
    public required Hostinfo Hostinfo { get; init; }

    /// <summary>An auth key or a <see cref="ClientSecret"/>; empty to have a user log in.</summary>
    public string AuthKey { get; init; } = "";

    public AuthKeyIssuer? Issuer { get; init; }

    public bool Ephemeral { get; init; }

    public string Tailnet { get; init; } = "";

    /// <summary>Told where a user has to log in.</summary>
    public required Action<string> LoginNeeded { get; init; }

    public override string ToString() => nameof(RegistrationOptions);
}
