using Fairlead.Dev.Tailnet.Access;
using Fairlead.Tailscale.Authentication;
using Fairlead.Tailscale.Tests.Fixtures;

namespace Fairlead.Tailscale.Tests.Authentication;

public sealed class CredentialFileTests : TailnetTest
{
    [Fact]
    public async Task White_space_around_credentials_does_not_matter()
    {
        using var directory = new TemporaryDirectory();
        var client = NewClient(OAuthClientCredentials.FromFiles(
            directory.Write("client_id", $" {OAuthClient.Id}\r\n"), directory.Write("client_secret", $"{OAuthClient.Secret}\n\n")));

        Assert.Empty(await client.Devices.ListAsync(Stop));
    }

    [Fact]
    public async Task A_file_that_appears_later_is_used_at_once()
    {
        using var directory = new TemporaryDirectory();
        var secretPath = directory.PathOf("client_secret");
        var client = NewClient(OAuthClientCredentials.FromFiles(directory.Write("client_id", OAuthClient.Id), secretPath));

        var error = await Assert.ThrowsAsync<TailscaleCredentialException>(() => client.Devices.ListAsync(Stop));
        Assert.Equal(CredentialProblem.Missing, error.Problem);
        Assert.Contains($"The OAuth client secret file {secretPath} is missing.", error.Message, StringComparison.Ordinal);
        Assert.Contains("workload identity", error.Message, StringComparison.Ordinal);

        directory.Write("client_secret", OAuthClient.Secret!);
        Assert.Empty(await client.Devices.ListAsync(Stop));
    }

    [Theory]
    [InlineData(" \n", CredentialProblem.Empty)]
    [InlineData("one\ntwo", CredentialProblem.Malformed)]
    [InlineData("client_secret: abc", CredentialProblem.Malformed)]
    public async Task A_file_with_nothing_usable_in_it_is_named_and_its_content_is_not(string content, CredentialProblem problem)
    {
        using var directory = new TemporaryDirectory();
        var path = directory.Write("client_secret", content);
        var client = NewClient(OAuthClientCredentials.FromFiles(directory.Write("client_id", OAuthClient.Id), path));

        var error = await Assert.ThrowsAsync<TailscaleCredentialException>(() => client.Devices.ListAsync(Stop));

        Assert.Equal(problem, error.Problem);
        Assert.Contains(path, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("abc", error.Message, StringComparison.Ordinal);
        Assert.Empty(Tailnet.Calls.Snapshot());
    }

    [Fact]
    public async Task A_directory_in_place_of_the_file_is_reported_as_unreadable()
    {
        using var directory = new TemporaryDirectory();
        Directory.CreateDirectory(directory.PathOf("client_id"));
        var client = NewClient(OAuthClientCredentials.FromFiles(directory.PathOf("client_id"), directory.PathOf("client_secret")));

        var error = await Assert.ThrowsAsync<TailscaleCredentialException>(() => client.Devices.ListAsync(Stop));

        Assert.Equal(CredentialProblem.Unreadable, error.Problem);
        Assert.Contains(directory.PathOf("client_id"), error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_empty_value_is_reported_when_it_is_used()
    {
        var client = NewClient(OAuthClientCredentials.FromValues("", "secret"));

        var error = await Assert.ThrowsAsync<TailscaleCredentialException>(() => client.Devices.ListAsync(Stop));

        Assert.Equal(CredentialProblem.Empty, error.Problem);
        Assert.StartsWith("The OAuth client id is empty.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Changed_credentials_are_used_from_the_next_call_on()
    {
        using var directory = new TemporaryDirectory();
        var next = Tailnet.Clients.AddOAuthClient([Scopes.All], ["tag:k8s-operator"]);
        var client = NewClient(OAuthClientCredentials.FromFiles(
            directory.Write("client_id", OAuthClient.Id), directory.Write("client_secret", OAuthClient.Secret!)));
        await client.Devices.ListAsync(Stop);

        directory.Write("client_id", next.Id);
        directory.Write("client_secret", next.Secret!);
        await client.Devices.ListAsync(Stop);

        Assert.Equal([OAuthClient.Id, next.Id], Tailnet.Calls.Snapshot().Where(c => c.Method == "GET").Select(c => c.ClientId));
    }

    [Fact]
    public async Task A_secret_volume_that_is_swapped_by_its_symbolic_link_is_noticed()
    {
        using var directory = new TemporaryDirectory();
        var next = Tailnet.Clients.AddOAuthClient([Scopes.All], ["tag:k8s-operator"]);
        foreach (var (version, who) in new[] { ("..1", OAuthClient), ("..2", next) })
        {
            Directory.CreateDirectory(directory.PathOf(version));
            directory.Write($"{version}/client_id", who.Id);
            directory.Write($"{version}/client_secret", who.Secret!);
        }
        // As kubelet lays it out: the files link through ..data, which is replaced as a whole.
        Directory.CreateSymbolicLink(directory.PathOf("..data"), directory.PathOf("..1"));
        foreach (var file in new[] { "client_id", "client_secret" })
        {
            File.CreateSymbolicLink(directory.PathOf(file), Path.Combine("..data", file));
        }
        var client = NewClient(OAuthClientCredentials.FromFiles(directory.PathOf("client_id"), directory.PathOf("client_secret")));
        await client.Devices.ListAsync(Stop);

        File.Delete(directory.PathOf("..data"));
        Directory.CreateSymbolicLink(directory.PathOf("..data"), directory.PathOf("..2"));
        await client.Devices.ListAsync(Stop);

        Assert.Equal(next.Id, Tailnet.Calls.Snapshot()[^1].ClientId);
    }

    [Fact]
    public async Task Broken_new_credentials_do_not_take_the_token_that_still_lasts()
    {
        using var directory = new TemporaryDirectory();
        var client = NewClient(OAuthClientCredentials.FromFiles(
            directory.Write("client_id", OAuthClient.Id), directory.Write("client_secret", OAuthClient.Secret!)));
        await client.Devices.ListAsync(Stop);

        directory.Write("client_secret", "");

        await client.Devices.ListAsync(Stop);
        Assert.Contains("client_secret is empty", Logger.Text, StringComparison.Ordinal);
    }
}
