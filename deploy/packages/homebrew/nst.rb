# Made for each release by deploy/packages/manifests.sh.
class Nst < Formula
  desc "Neural style transfer: paints a photograph in the style of a painting"
  homepage "@RELEASE@"
  url "@RELEASE@/nst-@VERSION@-osx-arm64.tar.gz"
  version "@VERSION@"
  sha256 "@SHA256_OSX@"
  license all_of: ["MIT", "CC-BY-4.0"]

  depends_on arch: :arm64
  depends_on :macos

  def install
    libexec.install Dir["*"]
    bin.install_symlink libexec/"nst"
    man1.install_symlink libexec/"share/man/man1/nst.1"
    bash_completion.install_symlink libexec/"share/bash-completion/completions/nst"
    zsh_completion.install_symlink libexec/"share/zsh/site-functions/_nst"
    fish_completion.install_symlink libexec/"share/fish/vendor_completions.d/nst.fish"
  end

  test do
    assert_match version.to_s, shell_output("#{bin}/nst --version")
    system bin/"nst", "doctor"
  end
end
