using System.Collections.Immutable;
using System.Security.Cryptography.X509Certificates;
using Fairlead.Dev.Cluster.Api;
using Fairlead.Dev.Cluster.Authorization;
using Microsoft.AspNetCore.Http;

namespace Fairlead.Dev.Cluster.Authentication;

/// <summary>Finds out who sends a request: by client certificate, by bearer token, or nobody in particular.</summary>
internal sealed class RequestAuthenticator(IReadOnlyList<ITokenAuthenticator> tokens)
{
    private const string CommonName = "2.5.4.3";
    private const string Organization = "2.5.4.10";
    private const string Bearer = "Bearer ";

    private static readonly UserInfo Anonymous = new("system:anonymous", ["system:unauthenticated"]);

    /// <exception cref="ApiStatusException">401 when a token is given that stands for nobody.</exception>
    public UserInfo Authenticate(HttpContext http)
    {
        // The TLS layer has already refused certificates of other authorities.
        if (http.Connection.ClientCertificate is { } certificate)
            return FromCertificate(certificate);
        var header = http.Request.Headers.Authorization.ToString();
        if (header.Length == 0)
            return Anonymous;
        if (!header.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase))
            throw ApiErrors.Unauthorized();
        var token = header[Bearer.Length..].Trim();
        foreach (var authenticator in tokens)
        {
            if (authenticator.Authenticate(token) is { } user)
                return user;
        }

        throw ApiErrors.Unauthorized();
    }

    private static UserInfo FromCertificate(X509Certificate2 certificate)
    {
        var name = "";
        var groups = ImmutableArray.CreateBuilder<string>();
        foreach (var part in certificate.SubjectName.EnumerateRelativeDistinguishedNames(reversed: false))
        {
            var type = part.GetSingleElementType().Value;
            if (type == CommonName)
                name = part.GetSingleElementValue() ?? "";
            else if (type == Organization && part.GetSingleElementValue() is { } group)
                groups.Add(group);
        }

        groups.Add("system:authenticated");
        return new UserInfo(name, groups.ToImmutable());
    }
}
