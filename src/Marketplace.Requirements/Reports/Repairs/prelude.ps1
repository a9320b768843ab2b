$ErrorActionPreference = 'Stop'
$ProgressPreference = 'SilentlyContinue'
$script:Failed = 0

# One repair; when a command of it fails the rest of it is left out, and the next one runs all the same.
function Step([string] $Name, [scriptblock] $Commands) {
    Write-Host "-- $Name"
    $global:LASTEXITCODE = 0
    try {
        & $Commands | Out-Host
        if ($global:LASTEXITCODE -ne 0) { throw "exit code $global:LASTEXITCODE" }
    }
    catch {
        $script:Failed++
        Write-Host "-- FAILED: $Name`: $_" -ForegroundColor Red
    }
}

# Path as 'HKLM:\...'; Type as of New-ItemProperty (DWord, String, MultiString, ...). Keys that are missing are made.
function Set-RegistryValue([string] $Path, [string] $Name, [string] $Type, $Value) {
    if (-not (Test-Path -LiteralPath $Path)) { New-Item -Path $Path -Force | Out-Null }
    New-ItemProperty -LiteralPath $Path -Name $Name -PropertyType $Type -Value $Value -Force | Out-Null
}

function Remove-RegistryValue([string] $Path, [string] $Name) {
    if ((Test-Path -LiteralPath $Path) -and ((Get-Item -LiteralPath $Path).GetValueNames() -contains $Name)) {
        Remove-ItemProperty -LiteralPath $Path -Name $Name -Force
    }
}

# Files and directories; names are taken as they are, without wildcards.
function Remove-Path([string[]] $Path) {
    foreach ($item in $Path) {
        if (Test-Path -LiteralPath $item) { Remove-Item -LiteralPath $item -Recurse -Force }
    }
}

# StartupType: Automatic, Manual or Disabled. Neither starts nor stops the service: the machine is captured next.
function Set-ServiceStart([string] $Name, [string] $StartupType) {
    Set-Service -Name $Name -StartupType $StartupType
}

function Complete-Repair([int] $Left) {
    if ($Left -gt 0) { Write-Host "$Left finding(s) are not mended by this script; see its last lines." }
    if ($script:Failed -gt 0) {
        Write-Host "$script:Failed step(s) failed; see above." -ForegroundColor Red
        exit 1
    }
    Write-Host 'Every step was carried out. Capture the machine now; do not use it before.'
    exit 0
}
