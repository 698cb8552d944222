using System.Net.Security;
using System.Security.Cryptography;

namespace Fairlead.Kubernetes.Configuration;

/// <summary>Reads the <c>user</c> of a kubeconfig.</summary>
internal static class KubeconfigUser
{
    /// <summary>Between certificate and key; in no PEM text.</summary>
    private const char Boundary = '\0';

    public static ClusterConfiguration Apply(
        KubeconfigNode user, KubeconfigNode cluster, ClusterConfiguration configuration, ClusterConfigurationOptions options)
    {
        RefuseWithdrawnMethods(user);
        return configuration with
        {
            Credentials = ReadCredentials(user, cluster, configuration, options),
            Impersonation = ReadImpersonation(user),
        };
    }

    private static ICredentialSource ReadCredentials(
        KubeconfigNode user, KubeconfigNode cluster, ClusterConfiguration configuration, ClusterConfigurationOptions options)
    {
        var token = user.String("token");
        var exec = user.Object("exec");
        if (exec is not null && token is not null)
            throw user.Error("token", "this contradicts exec", "Keep one of the two.");

        var certificate = ReadCertificate(user, options);
        if (exec is not null)
            return new ExecCredentialSource(ExecPlugin.Read(exec, cluster, configuration), certificate, options.TimeProvider);

        if (user.String("tokenFile") is { } tokenFile)
        {
            return certificate is null
                ? new TokenFileCredentialSource(user.PathOf(tokenFile), options.TimeProvider, options.Logger)
                : throw user.Error("tokenFile", "this comes with a client certificate", "Keep one of the two.");
        }

        return certificate is not null ? new CertificateCredentialSource(certificate, token)
            : token is not null ? new StaticCredentialSource(new Credentials { BearerToken = token })
            : StaticCredentialSource.Anonymous;
    }

    private static RenewableContent<SslStreamCertificateContext>? ReadCertificate(KubeconfigNode user, ClusterConfigurationOptions options)
    {
        var (certificate, key) = (Certificate(), Key());
        if (certificate is null && key is null)
            return null;

        if (certificate is null)
            throw user.Error("client-certificate-data", "there is a client key without a certificate", "Add client-certificate-data or client-certificate.");

        if (key is null)
            throw user.Error("client-key-data", "there is a client certificate without its key", "Add client-key-data or client-key.");

        try
        {
            // Certificate and key are one text, so that a new certificate and its old key are never taken for a pair.
            return user.String("client-certificate-data") is null || user.String("client-key-data") is null
                ? new(() => string.Join(Boundary, Certificate(), Key()), static pem => Pair(pem), options)
                : new(CertificateText.ReadClientCertificate(certificate, key));
        }
        catch (CryptographicException e)
        {
            var field = user.String("client-certificate-data") is null ? "client-certificate" : "client-certificate-data";
            throw user.Error(field, $"certificate and key cannot be used ({e.Message})", "Give a PEM certificate and its unencrypted PEM key.", e);
        }

        string? Certificate() => user.Content("client-certificate-data", "client-certificate");

        string? Key() => user.Content("client-key-data", "client-key");

        static SslStreamCertificateContext Pair(string pem)
        {
            var end = pem.IndexOf(Boundary);
            return CertificateText.ReadClientCertificate(pem[..end], pem[(end + 1)..]);
        }
    }

    private static Impersonation? ReadImpersonation(KubeconfigNode user)
    {
        if (user.String("as") is not { } name)
        {
            return user.Strings("as-groups").Count == 0 && user.String("as-uid") is null && user.Object("as-user-extra") is null
                ? null
                : throw user.Error("as", "groups, a uid or extra fields are impersonated without a user", "Add 'as'.");
        }

        var extra = user.Object("as-user-extra");
        return new Impersonation
        {
            User = name,
            Uid = user.String("as-uid"),
            Groups = user.Strings("as-groups"),
            Extra = extra?.Body.ToDictionary(entry => entry.Key, entry => extra.Strings(entry.Key)) ?? [],
        };
    }

    private static void RefuseWithdrawnMethods(KubeconfigNode user)
    {
        if (user.String("username") is not null || user.String("password") is not null)
            throw user.Error("username", "API servers no longer accept passwords", "Use a token, a client certificate or exec.");

        if (user.Object("auth-provider") is not null)
            throw user.Error("auth-provider", "auth-provider has been withdrawn from Kubernetes", "Use the provider's exec plugin, for example kubelogin or gke-gcloud-auth-plugin.");
    }
}
