namespace Fairlead.Tailscale.Authentication;

/// <summary>Why credentials could not be used.</summary>
public enum CredentialProblem
{
    /// <summary>The file is not there.</summary>
    Missing,

    /// <summary>The file is there and could not be read.</summary>
    Unreadable,

    /// <summary>There is nothing but white space.</summary>
    Empty,

    /// <summary>It cannot be what it is meant to be, e.g. an identity token that is no JWT.</summary>
    Malformed,

    /// <summary>The identity token is past its <c>exp</c>.</summary>
    Expired,

    /// <summary>The control plane refused them (4xx from the token endpoint).</summary>
    Refused,
}
