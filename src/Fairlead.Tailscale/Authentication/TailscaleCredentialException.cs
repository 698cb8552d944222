namespace Fairlead.Tailscale.Authentication;

/// <summary>
/// The credentials cannot be used as they are. The message names where they come from and what to do about it, holds no
/// secret, and is fit for a status condition. Calls made after the credentials were put right succeed.
/// </summary>
public sealed class TailscaleCredentialException : Exception
{
    public TailscaleCredentialException(CredentialProblem problem, string message, Exception? cause = null)
        : base(message, cause) => Problem = problem;

    public CredentialProblem Problem { get; }
}
