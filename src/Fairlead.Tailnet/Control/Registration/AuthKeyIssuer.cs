namespace Fairlead.Tailnet.Control.Registration;

/// <summary>Makes an auth key with an OAuth client's secret, for a node with these tags.</summary>
public delegate ValueTask<string> AuthKeyIssuer(ClientSecret secret, IReadOnlyList<string> tags, CancellationToken cancellationToken);
