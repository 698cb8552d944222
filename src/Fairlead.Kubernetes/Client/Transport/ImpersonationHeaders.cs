using System.Net.Http.Headers;
using Fairlead.Kubernetes.Configuration;

namespace Fairlead.Kubernetes.Client.Transport;

/// <summary>Writes an <see cref="Impersonation"/> as the API server reads it.</summary>
internal static class ImpersonationHeaders
{
    public static void Add(HttpRequestHeaders headers, Impersonation impersonation)
    {
        headers.TryAddWithoutValidation("Impersonate-User", impersonation.User);
        if (impersonation.Uid is { } uid)
            headers.TryAddWithoutValidation("Impersonate-Uid", uid);

        if (impersonation.Group is { } group)
            headers.TryAddWithoutValidation("Impersonate-Group", group);

        // Keys such as example.com/scopes hold characters that header names may not.
        foreach (var (key, value) in impersonation.Extra)
            headers.TryAddWithoutValidation($"Impersonate-Extra-{Uri.EscapeDataString(key)}", value);
    }
}
