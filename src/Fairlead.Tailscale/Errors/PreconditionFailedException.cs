namespace Fairlead.Tailscale.Errors;

/// <summary>
/// The object is not the one the caller had read (412): someone else wrote it in between. Read it again and decide anew.
/// </summary>
public sealed class PreconditionFailedException : TailscaleApiException
{
    internal PreconditionFailedException(string method, string path, string detail)
        : base(method, path, detail)
    {
    }
}
