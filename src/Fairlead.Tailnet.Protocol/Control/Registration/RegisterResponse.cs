namespace Fairlead.Tailnet.Protocol.Control.Registration;

/// <summary>Answer to a <see cref="RegisterRequest"/>.</summary>
public sealed record RegisterResponse
{
    public User? User { get; init; }

    public Login? Login { get; init; }

    /// <summary>The node key can no longer be used; a new one is needed.</summary>
    public bool NodeKeyExpired { get; init; }

    /// <summary>False while an administrator has yet to approve the machine.</summary>
    public bool MachineAuthorized { get; init; }

    /// <summary>Page where a user has to log in; then <see cref="RegisterRequest.Followup"/> waits for that. Empty for none.</summary>
    public string AuthURL { get; init => field = value ?? ""; } = "";

    /// <summary>Tailnet-lock signature of the node key.</summary>
    public byte[]? NodeKeySignature { get; init; }

    /// <summary>Why the registration was refused; empty if it was not.</summary>
    public string Error { get; init => field = value ?? ""; } = "";
}
